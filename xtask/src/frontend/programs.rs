//! What the site is made of: three programs with their pages, and two builds of the workers' program.

/// One of the programs of `app`: its binary, and the page that starts it.
pub(crate) struct Program {
    /// The binary's name, which its files keep.
    pub(crate) name: &'static str,
    /// The page, in `app/` and at the root of the site.
    pub(crate) page: &'static str,
    /// How wasm-opt is to see it.
    pub(crate) level: &'static [&'static str],
}

/// The client's program: what is weighed. Larger with -Os than with -Oz before compression, and smaller
/// after it; and so is a function with one caller that is left where it is, unless it is tiny. Nothing points
/// below address 1024: the stack lies first, and ends there, so that an offset may be folded into a load.
pub(crate) const CLIENT: Program = Program {
    name: "client",
    page: "client.html",
    level: &["-Os", "--one-caller-inline-max-function-size", "10", "--low-memory-unused"],
};
/// What a client comes back by: fetched by nobody who only answers.
const BACK: Program = Program { name: "back", page: "back.html", level: CLIENT.level };
/// Staff's: faster rather than smaller.
pub(crate) const DESK: Program = Program { name: "desk", page: "index.html", level: &["-O3"] };
/// All of them.
pub(crate) const PROGRAMS: [Program; 3] = [DESK, CLIENT, BACK];

/// One build of the workers' program.
pub(crate) struct WorkerBuild {
    /// Its name, under which a page finds it (app/src/net/program.rs).
    pub(crate) name: &'static str,
    /// Cargo's profile.
    pub(crate) profile: &'static str,
    /// Compiler flags besides those of all wasm.
    pub(crate) flags: &'static str,
    /// How wasm-opt is to see it.
    pub(crate) level: &'static [&'static str],
}

/// With vectors for the browsers that have them, which since 2023 is all; and without, from what the
/// app's programs are made of anyway.
pub(crate) const WORKERS: [WorkerBuild; 2] =
    [WorkerBuild { name: "worker", profile: "wasm-release", flags: "", level: &["-Os"] }, VECTORS];

/// The one with vectors.
pub(crate) const VECTORS: WorkerBuild = WorkerBuild {
    name: "worker-simd",
    profile: "worker-release",
    flags: " -C target-feature=+simd128",
    level: &["-O3"],
};
