using Relo.Benchmarks.Cluster;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>
/// Where the tests' archives keep their blobs: in files, or with <c>RELO_TEST_BLOBS=s3</c> in a store that the first test starts. The
/// archives of one folder share a prefix of the bucket.
/// </summary>
internal static class TestBlobs
{
    private const string Bucket = "relo-tests";

    private static readonly Lazy<string> Server = new(Start);

    public static bool AreInS3 => Environment.GetEnvironmentVariable("RELO_TEST_BLOBS") == "s3";

    public static void SkipUnlessFiles() =>
        Assert.SkipWhen(AreInS3, "it is about blobs in files, and RELO_TEST_BLOBS=s3 keeps them in a store");

    /// <summary>The settings of an archive.</summary>
    /// <param name="root">Its folder.</param>
    public static (string Key, string Value)[] SettingsOf(string root) => !AreInS3
        ? []
        :
        [
            ("Archive:Blobs", $"s3://{Bucket}/{Path.GetFileName(root)}"), ("Archive:S3:Endpoint", Server.Value),
            ("Archive:S3:PathStyle", "true"),
        ];

    private static string Start()
    {
        Assert.SkipUnless(S3Server.Missing is null, S3Server.Missing ?? "");
        var server = S3Server.Start(Bucket);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", S3Server.Key);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", S3Server.Key);
        return server.Address;
    }
}
