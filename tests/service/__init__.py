"""What runs by itself: services, and who shows that he is there."""
