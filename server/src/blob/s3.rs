//! Objects in a bucket of any S3-compatible engine.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{StatusCode, header};
use object_store::aws::AmazonS3Builder;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
    ReqwestConnector,
};
use object_store::{BackoffConfig, ClientOptions, RetryConfig};

use super::{BlobError, Blobs};

/// How long an engine may keep still: between bytes, never in all, because a browser may take its
/// time with a part that is passed through.
const SILENCE: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(5);
/// The person who waits learns within this time that the engine is not there.
const PATIENCE: Duration = Duration::from_secs(8);

/// Where the bucket is and how to get in.
#[derive(Clone)]
pub struct S3 {
    /// The bucket's name.
    pub bucket: String,
    /// The engine's address; none for AWS itself.
    pub endpoint: Option<String>,
    /// The region.
    pub region: String,
    /// The access key's id.
    pub access_key: String,
    /// The access key's secret.
    pub secret_key: String,
}

/// Opens the bucket. Nothing is asked of the engine yet: [`Blobs::probe`] does.
///
/// # Errors
/// When the settings make no sense to the client.
pub fn open(settings: &S3) -> Result<Blobs, BlobError> {
    // The client's TLS; an error says that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options = ClientOptions::new()
        .with_timeout_disabled()
        .with_read_timeout(SILENCE)
        .with_connect_timeout(CONNECT);
    let backoff = BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() };
    let mut builder = AmazonS3Builder::new()
        .with_client_options(options)
        .with_http_connector(Connector)
        .with_retry(RetryConfig { backoff, max_retries: 3, retry_timeout: PATIENCE })
        .with_bucket_name(&settings.bucket)
        .with_region(&settings.region)
        .with_access_key_id(&settings.access_key)
        .with_secret_access_key(&settings.secret_key);
    if let Some(endpoint) = &settings.endpoint {
        builder = builder
            .with_endpoint(endpoint)
            .with_allow_http(endpoint.starts_with("http://"))
            .with_virtual_hosted_style_request(false);
    }
    Ok(Blobs::new(Arc::new(builder.build()?)))
}

/// An engine's answer that is none to the question.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// It has trouble of its own, or asks for fewer requests.
    #[error("the engine answered {0}")]
    Trouble(u16),
    /// It has no space left.
    #[error("the engine has no space left")]
    Full,
    /// It does not let us in.
    #[error("the engine refuses these credentials")]
    Denied,
    /// The bucket to be listed is not there.
    #[error("there is no such bucket")]
    NoBucket,
}

/// The plain client, except that a refusal is an error with a type: the store above keeps the status
/// of most answers to itself, and a person should hear "later" where later is true.
#[derive(Debug)]
struct Connector;

#[derive(Debug)]
struct Speaker(HttpClient);

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Speaker(ReqwestConnector::default().connect(options)?)))
    }
}

// The trait is made with `async_trait`; written out, it needs no such crate here.
impl HttpService for Speaker {
    fn call<'s, 'a>(
        &'s self,
        request: HttpRequest,
    ) -> futures::future::BoxFuture<'a, Result<HttpResponse, HttpError>>
    where
        's: 'a,
        Self: 'a,
    {
        Box::pin(async move {
            let listing = request.uri().query().is_some_and(|query| query.contains("list-type="));
            let mut response = self.0.execute(request).await?;
            // Some engines send the span and say which it is, under the status of the whole. The
            // store above compares what is said with what was asked.
            if response.status() == StatusCode::OK
                && response.headers().contains_key(header::CONTENT_RANGE)
            {
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            }
            let refusal = match response.status().as_u16() {
                507 => Refusal::Full,
                401 | 403 => Refusal::Denied,
                404 if listing => Refusal::NoBucket,
                // This kind is tried again, whatever was asked.
                status @ (429 | 500..) => {
                    let trouble = Refusal::Trouble(status);
                    return Err(HttpError::new(HttpErrorKind::Request, trouble));
                }
                _ => return Ok(response),
            };
            Err(HttpError::new(HttpErrorKind::Unknown, refusal))
        })
    }
}
