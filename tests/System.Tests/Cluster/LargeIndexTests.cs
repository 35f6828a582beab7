using System.Globalization;
using System.Net;
using Npgsql;
using Relo.Api.Tests.Fixtures;
using Relo.Benchmarks;
using Relo.Benchmarks.Cluster;

namespace Relo.SystemTests.Cluster;

/// <summary>A node with an empty cache in front of an archive of many kernels.</summary>
public sealed class LargeIndexTests(ITestOutputHelper output) : IDisposable
{
    private const int Kernels = 20_000;
    private const long MostGrowth = 100L << 20;

    private readonly string _root = Directory.CreateTempSubdirectory("relo-large-index-").FullName;

    [Fact]
    public async Task Memory_of_a_node_grows_by_at_most_100_MiB_with_20_000_kernels()
    {
        foreach (var missing in (string?[])[PostgresServer.Missing, S3Server.Missing]) Assert.SkipUnless(missing is null, missing ?? "");
        using var database = PostgresServer.Start();
        using var store = S3Server.Start("relo");
        var few = await MeasureAsync("few", database, store, "5.10.0-flags-status");
        await InsertAsync(database);
        var many = await MeasureAsync("many", database, store, "6.1.19999");
        Assert.True(many - few <= MostGrowth,
            string.Create(CultureInfo.InvariantCulture, $"{few >> 20} MiB with the samples, {many >> 20} MiB with {Kernels} kernels more"));
    }

    private async Task<long> MeasureAsync(string name, PostgresServer database, S3Server store, string release)
    {
        var credentials = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = S3Server.Key, ["AWS_SECRET_ACCESS_KEY"] = S3Server.Key };
        await using var node = await ServiceProcess.StartAsync(
            Path.Combine(_root, name),
            [$"--Archive:Database={database.ConnectionString}", "--Archive:Blobs=s3://relo/archive",
                $"--Archive:S3:Endpoint={store.Address}", "--Archive:S3:PathStyle=true"], credentials);
        using var body = Answers.Body(Samples.Object);
        Assert.Equal(HttpStatusCode.OK, (await node.Client.PostAsync($"/v1/relocations?kernel={release}", body)).StatusCode);
        output.WriteLine($"{name}: ready after {node.ReadyAfter.TotalMilliseconds:F0} ms, {node.AnonymousBytes >> 20} MiB");
        return node.AnonymousBytes;
    }

    // As a kernel of a package is: with build-id and banner.
    private static async Task InsertAsync(PostgresServer database)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO kernels (id, distro, version, arch, release, btf, btfsizebytes, source, addedat, buildid, banner)
            SELECT 'made-up/1/x86_64/6.1.' || n, 'made-up', '1', 'x86_64', '6.1.' || n, btf, btfsizebytes, source, addedat, encode(sha256(n::text::bytea), 'hex'),
                'Linux version 6.1.' || n || ' (maintainers@example.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP'
            FROM kernels, generate_series(1, @kernels) n WHERE id = @sample
            """,
            connection);
        insert.Parameters.AddWithValue("kernels", Kernels);
        insert.Parameters.AddWithValue("sample", Samples.NewKernel);
        Assert.Equal(Kernels, await insert.ExecuteNonQueryAsync());
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
