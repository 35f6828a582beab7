using System.Diagnostics;
using System.Globalization;
using Relo.Conformance.Corpus;

namespace Relo.Benchmarks.Core;

/// <summary>
/// Debian's libbpf in a separate process that times itself (timer.c), compiled from the sources that judge conformance.
/// </summary>
internal sealed class LibbpfTimer : IDisposable
{
    private static readonly string[] Wrapped =
        ["syscall", "gzopen", "btf__load_vmlinux_btf", "btf__find_by_name_kind", "bpf_core_patch_insn"];
    private static readonly string[] Shared = ["object.c", "harmless.c", "kernel.c"];
    private readonly Process _process;

    private LibbpfTimer(Process process) => _process = process;

    /// <summary>Compiles it with cc and starts it.</summary>
    /// <param name="folder">Where the program goes.</param>
    public static LibbpfTimer Start(TemporaryFolder folder)
    {
        var oracle = Path.Combine(Cache.Repository, "tests", "Conformance", "oracle");
        var program = folder.File("timer");
        string[] arguments =
        [
            "-std=gnu11", "-O2", "-Wall", "-Wextra", "-I", oracle, "-o", program,
            Path.Combine(Cache.Repository, "tests", "Benchmarks", "Core", "timer.c"),
            .. Shared.Select(source => Path.Combine(oracle, source)),
            .. Wrapped.Select(name => "-Wl,--wrap=" + name),
            "-Wl,-Bstatic", "-lbpf", "-Wl,-Bdynamic", "-lelf", "-lz",
        ];
        using var compiler = Process.Start("cc", arguments);
        compiler.WaitForExit();
        if (compiler.ExitCode != 0)
            throw new InvalidOperationException($"cc ended with {compiler.ExitCode}; it needs libbpf-dev, libelf-dev and zlib1g-dev");
        return new(Process.Start(new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
    }

    /// <summary>Relocates an object repeatedly, from the files each time.</summary>
    /// <returns>How many records it relocated, and what each round took.</returns>
    public (int Records, TimeSpan[] Took) Time(string objectPath, string targetPath, int rounds)
    {
        _process.StandardInput.Write(string.Create(CultureInfo.InvariantCulture, $"{rounds}\t{objectPath}\t{targetPath}\n"));
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"libbpf's process ended on {objectPath} and {targetPath}");
        var numbers = line.Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return ((int)numbers[0], [.. numbers[1..].Select(nanoseconds => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick))]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
