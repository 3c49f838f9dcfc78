// A page that comes back with something to mend: the message about it takes the focus.
document.querySelector("main [role=alert][data-first]")?.focus();
