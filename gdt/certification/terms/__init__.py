"""The terms of certificates: what ends when, who is reminded, which certificate renews which."""
