//! Where the browser comes in: a page mounts the portal, a worker of it serves the page.

fn main() {}
