//! The worker's program: serves the page that started it.

use worker::serve::{Input, Worked, serve};
use worker::{documents, passphrase, signatures};

fn main() {
    serve(work);
}

async fn work(job: u32, head: shared::secret::Secret<Vec<u8>>, input: Input) -> Worked {
    match job {
        passphrase::REGISTER | passphrase::SIGN_IN => passphrase::work(job, &head, input),
        signatures::VERIFY => signatures::work(input),
        _ => documents::work(job, &head, input).await,
    }
}
