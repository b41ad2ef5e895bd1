"""A student's work folder has no nbgrader settings; with this file nbgrader does not miss them."""
