"""The doctor: walks a session's path in both directions and names the step that is broken. Changes nothing."""
