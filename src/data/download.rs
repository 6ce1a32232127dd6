//! Price files from the web: the only place that uses the network, and only for a path that is an `https://` address. What comes is held in
//! memory and read like a file; nothing is kept.
//!
//! Plain `http://` is taken from this machine alone (`localhost`, 127.0.0.1): prices that anybody on the way could change prove nothing.

use std::io::Read;
use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::{Client, Response};
use reqwest::header::CONTENT_TYPE;
use thiserror::Error;

/// Largest answer, bytes.
const LARGEST: u64 = 512 * 1024 * 1024;
/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest wait for the whole answer.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Why a price file couldn't be had from the web.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DownloadError {
    /// The address can't be used.
    #[error("{address} is not an address to download from: {reason}")]
    Address {
        /// As given, without its query.
        address: String,
        /// Why.
        reason: String,
    },
    /// No connection, or it broke.
    #[error("{address} can't be downloaded: {reason}")]
    Failed {
        /// As given, without its query.
        address: String,
        /// What went wrong, from the outer cause to the inner.
        reason: String,
    },
    /// The server refused.
    #[error("{address} can't be downloaded: the server answered {status}")]
    Status {
        /// As given, without its query.
        address: String,
        /// Its status, with the words for it.
        status: String,
    },
    /// A page instead of a file.
    #[error("{address} answered with a web page, not with a price file")]
    WebPage {
        /// As given, without its query.
        address: String,
    },
    /// The answer is too large.
    #[error("{address} answered with more than {} MiB", LARGEST / (1024 * 1024))]
    TooLarge {
        /// As given, without its query.
        address: String,
    },
}

impl DownloadError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            DownloadError::Address { .. } => "give an https:// address, or the path of a file".to_owned(),
            DownloadError::Failed { .. } => {
                "check the address and the connection, or download the file yourself and give its path".to_owned()
            }
            DownloadError::Status { .. } | DownloadError::WebPage { .. } => {
                "open the address in a browser: it may ask for a login or consent; then download the file yourself and give its path"
                    .to_owned()
            }
            DownloadError::TooLarge { .. } => "download the file yourself and give its path".to_owned(),
        }
    }
}

/// Whether a path is meant as an address.
pub fn is_address(path: &str) -> bool {
    path.starts_with("https://") || path.starts_with("http://")
}

/// An address without its query and fragment, where keys to services stand; one with a user name and password is shown without them by
/// its host alone.
pub fn without_secrets(address: &str) -> &str {
    let shown = address.split(['?', '#']).next().unwrap_or(address);
    match shown.split_once('@') {
        Some((_, host)) => host,
        None => shown,
    }
}

/// The bytes behind an address.
///
/// # Errors
/// [`DownloadError`].
pub fn download(address: &str) -> Result<Vec<u8>, DownloadError> {
    let url = check_address(address)?;
    let shown = without_secrets(address);
    let failed = |error: &dyn std::error::Error| DownloadError::Failed { address: shown.to_owned(), reason: causes(error) };
    // A provider that is installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .user_agent(concat!("aftermove/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .https_only(url.scheme() == "https")
        .build()
        .map_err(|error| failed(&error.without_url()))?;
    let response = client.get(url).send().map_err(|error| failed(&error.without_url()))?;
    if !response.status().is_success() {
        return Err(DownloadError::Status { address: shown.to_owned(), status: response.status().to_string() });
    }
    if is_web_page(&response) {
        return Err(DownloadError::WebPage { address: shown.to_owned() });
    }
    let mut bytes = Vec::new();
    response.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(DownloadError::TooLarge { address: shown.to_owned() });
    }
    Ok(bytes)
}

fn check_address(address: &str) -> Result<Url, DownloadError> {
    let refuse = |reason: &str| DownloadError::Address { address: without_secrets(address).to_owned(), reason: reason.to_owned() };
    let url = Url::parse(address).map_err(|error| refuse(&error.to_string()))?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => Ok(url),
        "http" if local => Ok(url),
        _ => Err(refuse("only https:// is safe from changes on the way")),
    }
}

fn is_web_page(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.trim_start().to_ascii_lowercase().starts_with("text/html")
}

/// An error with its causes, without the address, which the message has already.
fn causes(error: &dyn std::error::Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        texts.push(cause.to_string());
        source = cause.source();
    }
    texts.join(": ")
}
