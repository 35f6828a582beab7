using System.Diagnostics;
using System.Globalization;
using Relo.Conformance.Corpus;

namespace Relo.Conformance.Running;

/// <summary>Loads objects into the running kernel (oracle/loader.c), with the kernel's BTF visible or hidden.</summary>
public static class KernelLoader
{
    private const int NotPermitted = 77;

    /// <summary>A tmpfs over /sys/kernel/btf in a mount namespace of its own: only the loader sees no BTF.</summary>
    public const string Hidden = "mount -t tmpfs tmpfs /sys/kernel/btf && exec \"$0\" \"$@\"";

    /// <summary>Loads every program alone, the optional ones too.</summary>
    /// <returns>The result by object and program; an object that libbpf does not open has the one program "-".</returns>
    public static async Task<IReadOnlyDictionary<(string Path, string Program), LoadResult>> LoadAsync(
        IReadOnlyList<string> paths, bool hideBtf, CancellationToken cancellation) =>
        (await RunAsync([.. paths.Select(path => new LoadRequest(path))], hideBtf, cancellation))
            .ToDictionary(result => (paths[result.Request], result.Program), result => result.Load);

    /// <summary>Loads the given programs.</summary>
    /// <returns>
    /// A result per program; one named "*" where the whole object is asked for; "-" for an object that libbpf does not open.
    /// </returns>
    public static async Task<IReadOnlyList<(int Request, string Program, LoadResult Load)>> RunAsync(
        IReadOnlyList<LoadRequest> requests, bool hideBtf, CancellationToken cancellation)
    {
        var loader = Cache.RequiredTool("loader");
        var start = hideBtf ? new ProcessStartInfo("unshare", ["-m", "sh", "-c", Hidden, loader]) : new ProcessStartInfo(loader);
        var text = await RunAsync(start, requests.Select(request => request.ToString()), hideBtf, cancellation);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .Select(words => (Number(words[0]), words[1], new LoadResult(Number(words[2]), words[3])))];
    }

    /// <summary>Runs a loader; the test is skipped if this machine forbids it.</summary>
    public static async Task<string> RunAsync(
        ProcessStartInfo start, IEnumerable<string> input, bool hideBtf, CancellationToken cancellation)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        await WriteAsync(process, input, cancellation);
        var text = await output;
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode == NotPermitted) Assert.Skip((await errors).Trim());
        // In a container, root may not be allowed to mount; then nothing can be hidden, and the test is skipped.
        if (hideBtf && process.ExitCode != 0 && text.Length == 0) Assert.Skip($"kernel BTF cannot be hidden here: {(await errors).Trim()}");
        Assert.True(process.ExitCode == 0, $"the loader ended with {process.ExitCode}: {await errors}");
        return text;
    }

    private static async Task WriteAsync(Process process, IEnumerable<string> lines, CancellationToken cancellation)
    {
        try
        {
            foreach (var line in lines) await process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before reading all: its exit code says why.
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
