"""Floor 6: changes. Files change, midnight passes: something must be made anew."""
