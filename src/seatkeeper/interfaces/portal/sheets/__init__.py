"""The one confirm sheet: what every command shows before it is given, from the decision itself."""
