//! Objects in a bucket of any S3-compatible engine.

use std::sync::Arc;

use object_store::aws::AmazonS3Builder;

use super::{BlobError, Blobs};

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

/// Opens the bucket.
///
/// # Errors
/// When the settings make no sense to the client.
pub fn open(settings: &S3) -> Result<Blobs, BlobError> {
    let mut builder = AmazonS3Builder::new()
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
