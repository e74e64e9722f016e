"""What happens after a report is sent: the case, who is told in which order, and by when. Pure; `now` is an argument."""
