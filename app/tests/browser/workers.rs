//! Workers, started by the app's own script from the very module that runs these tests.

use core::cell::Cell;

use app::platform::file::{Parts, read};
use app::platform::worker::{Body, Done, Pool, Program, Started, Task, TaskFailed};
use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, join_all, ready};
use js_sys::{Reflect, Uint8Array};
use shared::secret::Secret;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::WorkerType;
use worker::outside::blob;
use worker::pieces::Pieces;
use worker::serve::{Input, serve};

use crate::script::run;

const DOUBLE: u32 = 1;
const PAGE: u32 = 2;
const REFUSE: u32 = 3;
const DIE: u32 = 4;

/// The worker's side.
pub(crate) fn entry() {
    serve(|job, head: Secret<Vec<u8>>, input| async move {
        match job {
            DOUBLE => Ok((head, doubled(input).await.map(|bytes| blob(&bytes)))),
            PAGE => Ok((Secret::new(vec![u8::from(web_sys::window().is_some())]), None)),
            REFUSE => Err(77),
            _ => panic!("a job that ends its worker"),
        }
    });
}

async fn doubled(input: Input) -> Option<Vec<u8>> {
    let bytes = match input {
        Input::None => return None,
        Input::Bytes(bytes) => Uint8Array::new(&bytes).to_vec(),
        Input::Blob(blob) => {
            let mut bytes = vec![0; blob.size() as usize];
            assert_eq!(Pieces::of(&blob).fill(&mut bytes).await, Some(bytes.len()));
            bytes
        }
    };
    Some(bytes.iter().map(|byte| byte * 2).collect())
}

/// The very module that runs these tests, which knows how to be a worker.
fn program() -> LocalBoxFuture<'static, Option<Program>> {
    let script = "import * as tests from 'GLUE';
        self.addEventListener('message', (first) => {
            tests.initSync({ module: first.data });
            tests.worker_entry();
        }, { once: true });";
    let put = "const text = script.replace('GLUE', `${location.origin}/wasm-bindgen-test`);
        return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));";
    let script = run("script", put, &[&script.into()]).as_string().unwrap();
    let module = wasm_bindgen::module();
    ready(Some(Program { script, kind: WorkerType::Module, module })).boxed_local()
}

/// Mounting a program, even an empty one, starts what runs futures in a page.
fn with_script() {
    leptos::mount::mount_to_body(|| ());
}

fn task(job: u32, head: &[u8], body: Body) -> Task {
    Task { job, head: Secret::new(head.to_vec()), body }
}

#[wasm_bindgen_test]
async fn a_task_is_done_where_there_is_no_page() {
    with_script();
    let done = alone(task(PAGE, b"", Body::None)).await.ok().unwrap();
    assert_eq!((done.head.expose().as_slice(), done.body.is_none()), (&[0][..], true));
    assert!(web_sys::window().is_some());
}

/// On a worker of its own, which stood by for it.
async fn alone(task: Task) -> Result<Done, TaskFailed> {
    let hand = Started::pool(1, program);
    hand.stand_by().await;
    hand.run(task).await
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
    let pool = Pool::new(2, program);
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
async fn who_stands_by_does_the_task_and_nobody_else_starts() {
    with_script();
    let pool = Pool::new(1, program);
    pool.stand_by().await;
    pool.stand_by().await;
    assert_eq!(pool.started(), 1);
    let done = pool.run(task(DOUBLE, b"one", Body::None)).await.ok().unwrap();
    assert_eq!((done.head.expose().as_slice(), pool.started()), (&b"one"[..], 1));
    pool.end();
    assert_eq!(pool.started(), 0);
}

#[wasm_bindgen_test]
async fn a_refusal_says_why() {
    with_script();
    assert_eq!(alone(task(REFUSE, b"", Body::None)).await.err(), Some(TaskFailed::Refused(77)));
}

#[wasm_bindgen_test]
async fn a_worker_that_dies_is_replaced_and_its_task_given_up_after_a_second_try() {
    with_script();
    let pool = Pool::new(1, program);
    assert_eq!(pool.run(task(DIE, b"", Body::None)).await.err(), Some(TaskFailed::Died));
    let done = pool.run(task(DOUBLE, b"after", Body::None)).await.ok().unwrap();
    assert_eq!(done.head.expose(), b"after");
    pool.end();
}

#[wasm_bindgen_test]
async fn a_program_that_cannot_be_had_now_may_be_had_later() {
    with_script();
    let pool = Pool::new(1, || {
        let first = TRIES.replace(TRIES.get() + 1) == 0;
        if first { ready(None).boxed_local() } else { program() }
    });
    assert_eq!(pool.run(task(DOUBLE, b"", Body::None)).await.err(), Some(TaskFailed::Absent));
    assert!(pool.run(task(DOUBLE, b"", Body::None)).await.is_ok());
    pool.end();
}

thread_local! {
    static TRIES: Cell<u32> = const { Cell::new(0) };
}
