"""The codes of problems in files. They are stable: a code never changes its meaning and is never reused.

Each has a section in docs/reference/diagnostics.md and a case under tests/cases/source.
"""

from __future__ import annotations

# Files
UNREADABLE = "S001"
NOT_UTF8 = "S002"
BAD_LINK = "S003"
TOO_LARGE = "S004"
NO_FILES = "S005"
NO_JOB = "S006"
NOT_READ = "S007"

# What YAML and JSON may hold
SYNTAX = "S010"
DUPLICATE_KEY = "S011"
KEY_TYPE = "S012"
MERGE_KEY = "S013"
TAG = "S014"
ALIAS = "S015"
DEPTH = "S016"
NUMBER = "S017"
CHARACTER = "S018"

# References
REFERENCE = "S020"
UNKNOWN_VARIABLE = "S021"
UNSET_VARIABLE = "S022"
NOT_YET = "S023"
NOT_TEXT = "S024"
REFERENCE_PLACE = "S025"

# Jobs
NOT_A_MAPPING = "S030"
UNKNOWN_KEY = "S031"
MISSING_KEY = "S032"
TYPE = "S033"
VALUE = "S034"
ID = "S035"
DUPLICATE_ID = "S036"
ID_IN_FILE = "S037"
TWO_SPELLINGS = "S038"
SECRET = "S039"  # noqa: S105  a code, not a password
SIMILAR_HEADERS = "S040"
NO_EFFECT = "S041"

# Schedules
SCHEDULE = "S050"
SCHEDULE_SURPRISE = "S051"

# jobsync.yaml
VERSION = "S060"
ENVIRONMENT_NAME = "S061"
INCOMPLETE = "S062"
UNKNOWN_DEFAULT = "S063"
WORKSPACE = "S064"
