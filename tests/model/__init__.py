"""The model: contacts, days and reminders."""

import pytest

pytest.register_assert_rewrite("tests.model.cases")
