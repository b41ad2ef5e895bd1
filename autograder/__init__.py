"""Grading that is safe and says why: build, check, grade and report."""
