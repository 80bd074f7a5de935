"""Plans and diagnostics as text and JSON."""
