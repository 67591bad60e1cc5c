"""A made-up company with made-up customers, to look around with; one command brings it, one takes it away."""
