"""What drills lead to: findings that are followed, and when the next drill is due."""
