"""The linter: rules, the engine that runs them, and the formats of findings."""
