"""Plain frozen values and the rules between them: no input, no output, no framework, no clock."""
