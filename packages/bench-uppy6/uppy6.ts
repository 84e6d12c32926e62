/** Uppy 6, for the page of peers: a package of its own, since one version of Uppy fits into each. */

export {};
