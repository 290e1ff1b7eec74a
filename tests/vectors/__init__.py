"""Published test vectors of the evidence export; `index.json` says what a verifier must find in each."""
