"""The door for payment gateways that call by themselves."""
