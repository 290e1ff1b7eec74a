"""PDF of the appendices, the confined process that makes it, the seal."""
