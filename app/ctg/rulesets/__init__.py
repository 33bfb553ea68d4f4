"""Rule sets: each makes one `RuleSetResult` of the findings, with its version and what it looked at."""
