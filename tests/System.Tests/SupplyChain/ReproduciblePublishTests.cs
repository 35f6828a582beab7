using System.Diagnostics;
using System.Security.Cryptography;

namespace Relo.SystemTests.SupplyChain;

/// <summary>The same sources build the same program in any folder, so that a published one can be verified.</summary>
public sealed class ReproduciblePublishTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-publish-").FullName;

    [Fact]
    public async Task Published_from_two_places_the_program_is_the_same_to_the_byte()
    {
        var first = await PublishAsync("here");
        var second = await PublishAsync("elsewhere/and/deeper");

        Assert.Contains("Relo.Api.dll", first.Keys);
        Assert.DoesNotContain("Microsoft.CodeAnalysis.dll", first.Keys); // what only development needs is not shipped
        Assert.Equal(first, second);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<SortedDictionary<string, string>> PublishAsync(string place)
    {
        var source = Path.Combine(_folder, place);
        SourceCopy.To(source);
        var output = Path.Combine(source, "out");
        var start = new ProcessStartInfo("dotnet",
            ["publish", Path.Combine(source, "src", "Api"), "-c", "Release", "--ucr", "-o", output, "-v", "q", "-nologo",
                "-p:RunAnalyzers=false", "-p:UseAppHost=false", "-p:NuGetAudit=false",
                "-p:PublishReadyToRun=false"]) // it takes most of the time, so what the image is compiled to for its platform is not compared
        {
            RedirectStandardOutput = true,
            WorkingDirectory = source,
        };
        using var publish = Process.Start(start)!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, said);

        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories))
            digests[Path.GetRelativePath(output, file)] = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file)));
        return digests;
    }
}
