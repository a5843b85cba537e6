"""What holders say is wrong on their certificates, and what the office answers."""
