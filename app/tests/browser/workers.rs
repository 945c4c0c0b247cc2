//! Workers, started by the app's own script from the very module that runs these tests.

use app::platform::file::{Parts, read};
use app::platform::page;
use app::platform::worker::{Body, Pool, Task, TaskFailed, alone, serve};
use futures::future::join_all;
use js_sys::{Reflect, Uint8Array};
use shared::secret::Secret;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::script::run;

const DOUBLE: u32 = 1;
const PAGE: u32 = 2;
const REFUSE: u32 = 3;
const DIE: u32 = 4;

/// The worker's side.
pub(crate) fn entry() {
    serve(|job, head, body| {
        let head = Secret::new(head.to_vec());
        match job {
            DOUBLE => Ok((head, body.map(|bytes| bytes.iter().map(|byte| byte * 2).collect()))),
            PAGE => Ok((Secret::new(vec![u8::from(page::exists())]), None)),
            REFUSE => Err(77),
            _ => panic!("a job that ends its worker"),
        }
    });
}

/// Names the worker's script where the page names it; only the glue's address is another here.
fn with_script() {
    // Mounting a program, even an empty one, starts what runs futures in a page.
    leptos::mount::mount_to_body(|| ());
    let script = include_str!("../../boot/worker.js");
    assert!(script.contains("\"./glue.js\""), "the script imports the glue by this name");
    let put = "if (document.querySelector('script[data-worker]')) return;
        const text = script.replace('./glue.js', `${location.origin}/wasm-bindgen-test`);
        const tag = document.createElement('script');
        tag.type = 'text/plain';
        tag.dataset.worker = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
        document.head.append(tag);";
    run("script", put, &[&script.into()]);
}

fn task(job: u32, head: &[u8], body: Body) -> Task {
    Task { job, head: Secret::new(head.to_vec()), body }
}

#[wasm_bindgen_test]
async fn a_task_is_done_where_there_is_no_page() {
    with_script();
    let done = alone(task(PAGE, b"", Body::None)).await.ok().unwrap();
    assert_eq!((done.head.expose().as_slice(), done.body.is_none()), (&[0][..], true));
    assert!(page::exists());
}

#[wasm_bindgen_test]
async fn bytes_are_moved_there_and_back() {
    with_script();
    let sent = Uint8Array::from([1_u8, 2, 3].as_slice()).buffer();
    let done = alone(task(DOUBLE, b"head", Body::Bytes(sent.clone()))).await.ok().unwrap();
    assert_eq!(done.head.expose(), b"head");
    assert_eq!(read(&done.body.unwrap()).await.unwrap(), [2, 4, 6]);
    // They were not copied: the page does not hold them any more.
    assert_eq!(Reflect::get(&sent, &"byteLength".into()).unwrap(), 0);
}

#[wasm_bindgen_test]
async fn a_blob_is_read_there() {
    with_script();
    let parts = Parts::new();
    parts.add(&[5; 100_000]);
    let blob = parts.join("").unwrap();
    let done = alone(task(DOUBLE, b"", Body::Blob(blob))).await.ok().unwrap();
    assert_eq!(read(&done.body.unwrap()).await.unwrap(), [10; 100_000]);
}

#[wasm_bindgen_test]
async fn many_tasks_on_two_workers_each_get_their_own_answer() {
    with_script();
    let pool = Pool::new(2);
    assert_eq!(pool.size(), 2);
    let tasks = (0..40_u8).map(|at| pool.run(task(DOUBLE, &[at], Body::None)));
    let heads: Vec<_> = join_all(tasks)
        .await
        .into_iter()
        .map(|done| done.ok().unwrap().head.expose().clone())
        .collect();
    assert_eq!(heads, (0..40_u8).map(|at| vec![at]).collect::<Vec<_>>());
    pool.end();
}

#[wasm_bindgen_test]
async fn a_refusal_says_why() {
    with_script();
    assert_eq!(alone(task(REFUSE, b"", Body::None)).await.err(), Some(TaskFailed::Refused(77)));
}

#[wasm_bindgen_test]
async fn a_worker_that_dies_is_replaced_and_its_task_given_up_after_a_second_try() {
    with_script();
    let pool = Pool::new(1);
    assert_eq!(pool.run(task(DIE, b"", Body::None)).await.err(), Some(TaskFailed::Died));
    let done = pool.run(task(DOUBLE, b"after", Body::None)).await.ok().unwrap();
    assert_eq!(done.head.expose(), b"after");
    pool.end();
}
