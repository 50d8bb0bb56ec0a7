"""The linter: rules, the engine that runs them, and the ways to show what they find."""
