"""Schedules as the platform reads them; this package knows no jobs."""
