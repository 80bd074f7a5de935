"""Jobs as values: what files declare, what the API returns, and when two are the same."""
