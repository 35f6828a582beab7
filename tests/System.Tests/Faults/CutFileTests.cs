using System.Globalization;
using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Faults;

/// <summary>
/// Files of an open kernel are truncated. The system kills a process that reads a mapped file beyond its end, so the service runs as a
/// separate process and must survive.
/// </summary>
public sealed class CutFileTests : IDisposable
{
    private const string Kernel = "mine/1/x86_64/1.0";
    private const int PageBytes = 4096;

    private readonly string _root = Directory.CreateTempSubdirectory("relo-cut-").FullName;
    private readonly byte[] _btf = MadeUpBtf.Of("large", extraBytes: 1 << 20);
    private int _objects;

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Index_that_is_cut_short_is_made_again_and_nobody_notices(int length)
    {
        using var running = await OpenedAsync();
        var index = FileUnder("index");
        var whole = await File.ReadAllBytesAsync(index);
        Cut(index, length);
        Assert.Equal(HttpStatusCode.OK, (await RelocateAsync(running)).StatusCode);
        Assert.Equal(whole, await File.ReadAllBytesAsync(index));
        Assert.Equal(HttpStatusCode.OK, (await RelocateAsync(running)).StatusCode);
        await EndsInOrderAsync(running);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(PageBytes)]
    public async Task Kernel_that_is_cut_short_is_damaged_until_it_is_added_again(int length)
    {
        using var running = await OpenedAsync();
        Cut(FileUnder("btf"), length);
        await (await RelocateAsync(running)).ProblemAsync(HttpStatusCode.ServiceUnavailable, "blob-damaged");
        await (await running.Http.GetAsync($"/v1/kernels/btf?kernel={Kernel}"))
            .ProblemAsync(HttpStatusCode.ServiceUnavailable, "blob-damaged");
        await AddAsync(running);
        Assert.Equal(HttpStatusCode.OK, (await RelocateAsync(running)).StatusCode);
        await EndsInOrderAsync(running);
    }

    [Fact]
    public async Task Both_may_be_cut_short_at_once()
    {
        using var running = await OpenedAsync();
        Cut(FileUnder("index"), 0);
        Cut(FileUnder("btf"), PageBytes);
        await (await RelocateAsync(running)).ProblemAsync(HttpStatusCode.ServiceUnavailable, "blob-damaged");
        await AddAsync(running);
        Assert.Equal(HttpStatusCode.OK, (await RelocateAsync(running)).StatusCode);
        await EndsInOrderAsync(running);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    // The kernel and its index are mapped; the index exists after the first relocation.
    private async Task<RunningProgram> OpenedAsync()
    {
        var running = await RunningProgram.StartAsync(_root);
        await AddAsync(running);
        Assert.Equal(HttpStatusCode.OK, (await RelocateAsync(running)).StatusCode);
        await UntilLayoutsAreReadAsync(running, kernels: 3); // the samples and this one
        return running;
    }

    // In the background, soon after a kernel is added. A file that is cut at that moment ends the process, as troubleshooting.md says.
    private static async Task UntilLayoutsAreReadAsync(RunningProgram running, int kernels)
    {
        const string before = "The layouts of ";
        for (var read = 0; read < kernels;)
        {
            var line = await running.UntilSaidAsync(before);
            var number = line[(line.IndexOf(before, StringComparison.Ordinal) + before.Length)..].Split(' ')[0];
            read += int.Parse(number, CultureInfo.InvariantCulture);
        }
    }

    private async Task AddAsync(RunningProgram running)
    {
        using var answer = await running.Http.PostAsync("/v1/kernels?distro=mine&version=1&arch=x86_64&release=1.0", Answers.Body(_btf));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    // Each time another object: what was made is in memory.
    private Task<HttpResponseMessage> RelocateAsync(RunningProgram running) =>
        running.Http.PostAsync($"/v1/relocations?kernel={Kernel}", Answers.Body([.. Samples.Object, .. new byte[++_objects]]));

    private string FileUnder(string folder) =>
        Directory.EnumerateFiles(Path.Combine(_root, "blobs", folder), Core.Bytes.Digest.Of(_btf).Hex, SearchOption.AllDirectories)
            .Single();

    private static void Cut(string path, int length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }

    private static async Task EndsInOrderAsync(RunningProgram running)
    {
        await running.StopAsync();
        Assert.Equal(0, running.Process.ExitCode);
    }
}
