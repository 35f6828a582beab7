using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Relo.Archive.Import.Unpacking;

namespace Relo.Archive.Import.Elf;

/// <summary>
/// Makes BTF of a kernel's debug information (DWARF), with the program that kernels' own build uses. It reads a file that anyone may have
/// made, so it gets little time, little memory, and no say in where it writes.
/// </summary>
internal static class Pahole
{
    private const int MaxErrorText = 400;

    /// <exception cref="KernelFileException">pahole is not there, or cannot make BTF of it.</exception>
    public static ReadOnlyMemory<byte> MakeBtf(ReadOnlyMemory<byte> vmlinux, Unpacker unpacker)
    {
        const string found = "the vmlinux has debug information (DWARF) and no .BTF section";
        if (unpacker.Settings.Pahole is not { } settings) throw new KernelFileException($"{found}; making BTF of it is switched off (Archive:Pahole)");
        Directory.CreateDirectory(unpacker.Settings.Scratch);
        // Open, and so locked, as long as they are needed: what is in that folder unlocked is swept as a killed process's.
        using var input = Create(unpacker, ".vmlinux");
        using var output = Create(unpacker, ".btf");
        input.Write(vmlinux.Span);
        if (Run(settings, input.Name, output.Name, unpacker.Ct) is { } fault) throw new KernelFileException($"{found}; {fault}");
        if (output.Length == 0) throw new KernelFileException($"{found}, and {settings.Program} made no BTF of it");
        if (output.Length > unpacker.Limits.BtfBytes) throw new KernelFileException($"{settings.Program} made {output.Length} bytes of BTF, at most {unpacker.Limits.BtfBytes} are taken");
        var btf = new byte[output.Length];
        output.Position = 0;
        output.ReadExactly(btf);
        return btf;
    }

    private static FileStream Create(Unpacker unpacker, string suffix) =>
        new(Path.Combine(unpacker.Settings.Scratch, Path.GetRandomFileName() + suffix), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0, FileOptions.DeleteOnClose);

    /// <returns>What went wrong; null where nothing did.</returns>
    private static string? Run(PaholeSettings settings, string input, string output, CancellationToken ct)
    {
        // A shell only for its ulimit: .NET sets no limits. What it is given comes as parameters, not as text to read.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true };
        foreach (var argument in (string[])["-c", "ulimit -v \"$1\" && exec \"$2\" --btf_gen_floats --btf_encode_detached=\"$3\" \"$4\" >/dev/null", "sh", (settings.MemoryBytes / 1024).ToString(CultureInfo.InvariantCulture), settings.Program, output, input])
            start.ArgumentList.Add(argument);
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception e)
        {
            return $"/bin/sh, which runs {settings.Program}, could not be started: {e.Message}";
        }

        using (process!)
        {
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limited.CancelAfter(settings.Time);
            try
            {
                var said = SaidAsync(process!.StandardError, limited.Token).GetAwaiter().GetResult();
                process.WaitForExitAsync(limited.Token).GetAwaiter().GetResult();
                return process.ExitCode switch
                {
                    0 => null,
                    126 or 127 => $"BTF can be made of it where {settings.Program} is installed (Debian's package pahole), which it is not here",
                    _ => $"{settings.Program} could not make BTF of it (exit code {process.ExitCode}): {said}",
                };
            }
            catch (OperationCanceledException)
            {
                process!.Kill(entireProcessTree: true);
                ct.ThrowIfCancellationRequested();
                return $"{settings.Program} did not make BTF of it within {settings.Time.TotalSeconds} s (Archive:PaholeTimeout)";
            }
        }
    }

    // All of it is read, or the program would wait for a reader; its beginning is enough to tell.
    private static async Task<string> SaidAsync(StreamReader error, CancellationToken ct)
    {
        var said = new StringBuilder();
        var piece = new char[4096];
        while (await error.ReadAsync(piece, ct) is > 0 and var read) said.Append(piece, 0, Math.Min(read, MaxErrorText - said.Length));
        return said.ToString().Trim();
    }
}
