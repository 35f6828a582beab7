using System.Diagnostics;
using System.Globalization;
using Relo.Conformance.Corpus;

namespace Relo.Conformance.Running;

/// <summary>Loads objects into the running kernel, program by program (oracle/loader.c), with the kernel's BTF in sight or hidden.</summary>
public static class KernelLoader
{
    private const int NotPermitted = 77;

    /// <summary>A tmpfs over /sys/kernel/btf in a mount namespace of its own: only the loader sees no BTF, the kernel keeps its own.</summary>
    private const string Hidden = "mount -t tmpfs tmpfs /sys/kernel/btf && exec \"$0\"";

    /// <summary>errno by object and program, 0 for what loaded; an object that libbpf does not open has the one program "-".</summary>
    public static async Task<IReadOnlyDictionary<(string Path, string Program), int>> LoadAsync(IReadOnlyList<string> paths, bool hideBtf, CancellationToken cancellation)
    {
        var loader = Cache.RequiredTool("loader");
        var start = hideBtf ? new ProcessStartInfo("unshare", ["-m", "sh", "-c", Hidden, loader]) : new ProcessStartInfo(loader);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        await WriteAsync(process, paths, cancellation);
        var text = await output;
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode == NotPermitted) Assert.Skip((await errors).Trim());
        // Containers give root without the right to mount: then nothing can be hidden, which is no fault of ours.
        if (hideBtf && process.ExitCode != 0 && text.Length == 0) Assert.Skip($"kernel BTF cannot be hidden here: {(await errors).Trim()}");
        Assert.True(process.ExitCode == 0, $"the loader ended with {process.ExitCode}: {await errors}");
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .ToDictionary(words => (paths[Number(words[0])], words[1]), words => Number(words[2]));
    }

    private static async Task WriteAsync(Process process, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        try
        {
            foreach (var path in paths) await process.StandardInput.WriteLineAsync(path.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before reading all: its exit code says why.
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
