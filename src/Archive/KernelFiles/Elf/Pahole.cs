using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Elf;

/// <summary>
/// Generates BTF from a kernel's debug information (DWARF) with pahole, as the kernel's own build does. It reads a file that anyone
/// may have written, so it runs only if it is enabled, without the environment of the service (which may contain keys), and with limits
/// on time, memory, open files and output.
/// </summary>
internal static class Pahole
{
    private const int MaxErrorText = 400;
    private const string ProgramFolders = "/usr/local/bin:/usr/bin:/bin";

    // KiB of address space, seconds of processor time, no core dump, few open files; 2 GiB of output in blocks of 512 bytes.
    private const string Command = """
        ulimit -v "$1" && ulimit -t "$2" && ulimit -c 0 && ulimit -n 64 && ulimit -f 4194304 &&
        exec "$3" --btf_gen_floats --btf_encode_detached="$4" "$5" >/dev/null
        """;

    /// <exception cref="KernelFileException">pahole is not installed, or cannot generate BTF.</exception>
    public static ReadOnlyMemory<byte> MakeBtf(ReadOnlyMemory<byte> vmlinux, Unpacker unpacker)
    {
        const string found = "the vmlinux has debug information (DWARF) and no .BTF section";
        if (unpacker.Settings.Pahole is not { } settings)
            throw new KernelFileException($"{found}; generating BTF from it is disabled (Archive:Pahole)");
        Directory.CreateDirectory(unpacker.Settings.Scratch);
        // Both stay open, and so locked: unlocked files in that folder count as left by a killed process and are removed.
        using var input = Create(unpacker, ".vmlinux");
        using var output = Create(unpacker, ".btf");
        input.Write(vmlinux.Span);
        if (Run(settings, input.Name, output.Name, unpacker.Ct) is { } fault) throw new KernelFileException($"{found}; {fault}");
        if (output.Length == 0) throw new KernelFileException($"{found}, and {settings.Program} generated no BTF from it");
        if (output.Length > unpacker.Limits.BtfBytes)
            throw new KernelFileException(
                $"{settings.Program} generated {output.Length} bytes of BTF, at most {unpacker.Limits.BtfBytes} are accepted");
        var btf = new byte[output.Length];
        output.Position = 0;
        output.ReadExactly(btf);
        return btf;
    }

    private static FileStream Create(Unpacker unpacker, string suffix) =>
        new(Path.Combine(unpacker.Settings.Scratch, Path.GetRandomFileName() + suffix),
            FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0, FileOptions.DeleteOnClose);

    /// <returns>The error; null on success.</returns>
    private static string? Run(PaholeSettings settings, string input, string output, CancellationToken ct)
    {
        // A shell for its ulimit, because .NET cannot set limits. Names are passed as parameters, never as shell code.
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(output)!,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = ProgramFolders;
        string[] arguments =
        [
            "-c", Command, "sh", Text(settings.MemoryBytes / 1024), Text((long)settings.Time.TotalSeconds + 1),
            settings.Program, output, input,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            return FaultOf(process, settings, ct);
        }
        catch (Win32Exception e)
        {
            return $"/bin/sh, which runs {settings.Program}, could not be started: {e.Message}";
        }
    }

    private static string? FaultOf(Process process, PaholeSettings settings, CancellationToken ct)
    {
        process.StandardInput.Close();
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(settings.Time);
        try
        {
            var said = SaidAsync(process.StandardError, limited.Token).GetAwaiter().GetResult();
            process.WaitForExitAsync(limited.Token).GetAwaiter().GetResult();
            return process.ExitCode switch
            {
                0 => null,
                126 or 127 => $"BTF can be generated from it, but {settings.Program} is not installed (Debian's package pahole)",
                _ => $"{settings.Program} could not generate BTF from it (exit code {process.ExitCode}): {said}",
            };
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            return $"{settings.Program} did not generate BTF from it within {settings.Time.TotalSeconds} s (Archive:PaholeTimeout)";
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Reads all output, because the program blocks on a full pipe; returns its beginning.
    private static async Task<string> SaidAsync(StreamReader error, CancellationToken ct)
    {
        var said = new StringBuilder();
        var piece = new char[4096];
        while (await error.ReadAsync(piece, ct) is > 0 and var read) said.Append(piece, 0, Math.Min(read, MaxErrorText - said.Length));
        return said.ToString().Trim();
    }
}
