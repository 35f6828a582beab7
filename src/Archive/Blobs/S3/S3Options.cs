namespace Relo.Archive.Blobs.S3;

/// <summary>Section <c>Archive:S3</c> of the configuration. Credentials come from where the AWS tools look for them.</summary>
public sealed class S3Options
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Archive:S3";

    /// <summary>URL of the store; empty: AWS.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Region of the bucket; empty: that of the environment, the profile or the instance.</summary>
    public string Region { get; set; } = "";

    /// <summary>Whether the bucket is named in the path of the URLs, not in the host name; most stores other than AWS need it.</summary>
    public bool PathStyle { get; set; }

    /// <summary>The profile of <c>~/.aws</c> with the credentials; empty: environment, default profile, or the instance's role.</summary>
    public string Profile { get; set; } = "";

    /// <summary>Server-side encryption of written objects: <c>AES256</c>, <c>aws:kms</c>, …; empty: the bucket's default.</summary>
    public string Encryption { get; set; } = "";

    /// <summary>The key for <c>aws:kms</c>; empty: the default key.</summary>
    public string KmsKeyId { get; set; } = "";

    /// <summary>Larger blobs are uploaded in parts of this size.</summary>
    public long PartBytes { get; set; } = 16L << 20;

    /// <summary>
    /// Time limit for a request to the store including its retries. One attempt, or one pause in a response, may take a third of it.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a failed request is retried, with growing pauses.</summary>
    internal int Retries { get; init; } = 3;
}
