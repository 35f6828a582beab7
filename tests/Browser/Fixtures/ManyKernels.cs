using Microsoft.Data.Sqlite;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Browser.Fixtures;

/// <summary>
/// A service with the kernels of every distribution there ever was: rows under made-up releases that share the BTF of the two samples, put
/// into its database as an import would.
/// </summary>
// No other host may be disposed while this one lives, so its tests have a class of their own: OpenTelemetry drops a metric in all hosts when
// one of those that have the same meter is disposed, and /metrics of this one would be empty.
public sealed class ManyKernels : IDisposable
{
    private const int Count = 20_000;

    private static readonly (string Distro, string Version, string Arch, Func<int, string> Release)[] Kinds =
    [
        ("ubuntu", "20.04", "x86_64", i => $"5.{4 + (i % 12)}.0-{i}-generic"),
        ("ubuntu", "20.04", "arm64", i => $"5.{4 + (i % 12)}.0-{i}-generic"),
        ("ubuntu", "22.04", "x86_64", i => $"5.15.0-{i}-aws"),
        ("ubuntu", "24.04", "x86_64", i => $"6.{8 + (i % 4)}.0-{i}-generic"),
        ("debian", "11", "x86_64", i => $"5.10.0-{i}-amd64"),
        ("debian", "12", "arm64", i => $"6.1.0-{i}-cloud-arm64"),
        ("centos", "8", "x86_64", i => $"4.18.0-{i}.1.2.el8_3.x86_64"),
        ("amzn", "2", "arm64", i => $"4.14.{i}-91.76.amzn2.aarch64"),
        ("fedora", "31", "x86_64", i => $"5.{i % 20}.{i}-200.fc31.x86_64"),
        ("ol", "8.9", "x86_64", i => $"5.4.17-2136.{i}.el8uek.x86_64"),
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("relo-browser-").FullName;

    public ManyKernels()
    {
        using (new ServiceHost(_root)) { } // makes the database, and puts the samples into it
        Fill(Path.Combine(_root, "relo.db"));
        Service = new ServiceHost(_root);
    }

    public ServiceHost Service { get; }

    public Uri Address => Service.Http.BaseAddress!;

    public void Dispose()
    {
        Service.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
    }

    private static void Fill(string database)
    {
        (Digest Digest, int Size)[] btf =
            [(Digest.Of(Samples.OldBtf), Samples.OldBtf.Length), (Digest.Of(Samples.NewBtf), Samples.NewBtf.Length)];
        using var connection = new SqliteConnection($"Data Source={database}");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText =
            "INSERT INTO Kernels (Id, Distro, Version, Arch, Release, Btf, BtfSizeBytes, Source, AddedAt) VALUES ($id, $distro, $version, $arch, $release, $btf, $size, 'import', $added)";
        for (var i = 0; i < Count; i++)
        {
            var (distro, version, arch, release) = Kinds[i % Kinds.Length];
            var name = release(i / Kinds.Length);
            var (digest, size) = btf[i / 700 % btf.Length];
            insert.Parameters.Clear();
            insert.Parameters.AddWithValue("$id", $"{distro}/{version}/{arch}/{name}");
            insert.Parameters.AddWithValue("$distro", distro);
            insert.Parameters.AddWithValue("$version", version);
            insert.Parameters.AddWithValue("$arch", arch);
            insert.Parameters.AddWithValue("$release", name);
            insert.Parameters.AddWithValue("$btf", digest.Hex);
            insert.Parameters.AddWithValue("$size", size);
            insert.Parameters.AddWithValue("$added", DateTimeOffset.UnixEpoch.AddDays(i).UtcTicks);
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
