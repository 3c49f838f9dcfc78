"""The portal: what an organisation's people see and do on the web."""
