"""The editor's and the operator's pages over all apps; no models of its own."""
