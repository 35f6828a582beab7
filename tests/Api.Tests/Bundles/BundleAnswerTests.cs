using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Relo.Api.Bundles;
using Relo.Api.Relocations;
using Relo.Api.Signing;
using Relo.Api.Tests.Fixtures;
using Relo.Api.Trust;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Api.Tests.Bundles;

/// <summary>The archive itself: its bytes, its end, and how other programs read it.</summary>
public sealed class BundleAnswerTests
{
    [Theory]
    [InlineData("application/zip")]
    [InlineData("application/gzip")]
    public async Task Same_object_and_kernels_give_the_same_bytes_in_another_archive_too(string accept)
    {
        Assert.Equal(await MadeAsync("test", "also"), await MadeAsync("also", "test"));

        async Task<byte[]> MadeAsync(params string[] distros)
        {
            using var service = new Service();
            foreach (var distro in distros)
                await service.Http.PostAsync(
                    $"/v1/kernels?distro={distro}&version=1&arch=x86_64&release=6.6.6", Answers.Body(MadeUpBtf.Of(distro)));
            return (await Bundle.OfAsync(service.Http, "", accept)).Bytes;
        }
    }

    [Theory]
    [InlineData("application/zip", "unzip", "-qq")]
    [InlineData("application/gzip", "tar", "-xzf")]
    public async Task Programs_of_every_system_unpack_it(string accept, string program, string option)
    {
        Assert.SkipUnless(Node.Find(program) is not null, $"{program} is not installed");
        using var service = new Service();
        var bundle = await Bundle.OfAsync(service.Http, "", accept);
        var folder = Directory.CreateTempSubdirectory("relo-bundle-");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "bundle"), bundle.Bytes);
            using var process =
                Process.Start(new ProcessStartInfo(
                    Node.Find(program)!, [option, "bundle"])
                { WorkingDirectory = folder.FullName, RedirectStandardError = true })!;
            var said = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal((0, ""), (process.ExitCode, said));
            Assert.All(bundle.Files, file => Assert.Equal(file.Value, File.ReadAllBytes(Path.Combine(folder.FullName, file.Key))));
            if (!OperatingSystem.IsWindows())
                Assert.True(File.GetUnixFileMode(Path.Combine(folder.FullName, "select.sh")).HasFlag(UnixFileMode.UserExecute));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("application/zip")]
    [InlineData("application/gzip")]
    public async Task Bundle_that_ends_early_does_not_look_whole(string accept)
    {
        using var service = new Service();
        // Not damage, which would be reported for this kernel alone: the disk cannot read the file.
        TestBlobs.SkipUnlessFiles();
        var folder = Path.Combine(service.Root, "blobs", "btf");
        var blob = Directory.EnumerateFiles(folder, $"*{Digest.Of(Samples.NewBtf).Hex}*", SearchOption.AllDirectories).Single();
        File.Delete(blob);
        Directory.CreateDirectory(blob);
        await Assert.ThrowsAsync<HttpRequestException>(() => Bundle.OfAsync(service.Http, "", accept));
    }

    [Theory]
    [InlineData("application/zip")]
    [InlineData("application/gzip")]
    public async Task No_more_parts_are_made_when_the_client_is_gone_and_each_is_written_before_the_next(string mediaType)
    {
        using var gone = new CancellationTokenSource();
        using var sent = new MemoryStream();
        var http = new DefaultHttpContext { RequestAborted = gone.Token, Response = { Body = sent } };
        var (made, sizes) = (0, new List<long>());
        var answer = new BundleAnswer(
            new BundleBegun(Samples.ObjectDigest, 1, PartsAsync()), mediaType, "x", FailOn.Nothing, new SelectScript("#KERNELS\n"),
            new Attester(SigningKeys.Of(new()), Options.Create(new SigningOptions()), NullLogger<Attester>.Instance));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.ExecuteAsync(http));
        Assert.Equal(4, made);
        // noise packs to its size; some is in the compressor
        Assert.All(sizes.Zip(sizes.Skip(1)), pair => Assert.True(pair.Second >= pair.First + 900_000, $"{pair}"));

        async IAsyncEnumerable<BundlePart> PartsAsync()
        {
            var random = new Random(1);
            for (; made < 1000; made++)
            {
                await Task.Yield();
                sizes.Add(sent.Length);
                if (made == 4) await gone.CancelAsync();
                var noise = new byte[1_000_000];
                random.NextBytes(noise);
                yield return new UsablePart(new Kernel($"d/1/x86_64/{made}", "d", "1", "x86_64", $"{made}", default, 0, "upload", default,
                    []), Digest.Of(noise), Verdict.Ok, noise, [], []);
            }
        }
    }
}
