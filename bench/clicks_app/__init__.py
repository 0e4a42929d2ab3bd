"""What the bench of clicks needs: servers, a browser, and an empty page to compare with."""
