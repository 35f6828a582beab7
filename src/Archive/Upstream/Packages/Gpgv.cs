using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Relo.Archive.Upstream.Packages;

/// <summary>Checks the signature of a repository with gpgv and the keyring of the distribution, as apt does.</summary>
internal static class Gpgv
{
    private const string Status = "[GNUPG:] ";
    private const int MostTextChars = 32 << 20, MostStatusChars = 1 << 20; // the text is that of a Release file

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(30);

    // As for apt, a signature by one known key is enough: a repository may sign with an old and a new key.
    private static readonly string[] Bad = ["BADSIG", "EXPSIG", "REVKEYSIG", "NODATA"];

    /// <summary>The text of a clear-signed message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="keyring">The keyring.</param>
    /// <param name="scratch">A folder for a temporary file.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="FormatException">The signature is not valid, or cannot be checked.</exception>
    public static async Task<string> CheckAsync(ReadOnlyMemory<byte> message, string keyring, string scratch, CancellationToken ct)
    {
        // Other messages can be compressed, and gpgv decompresses them.
        if (!message.Span.StartsWith("-----BEGIN PGP SIGNED MESSAGE-----"u8))
            throw new FormatException("it does not begin with -----BEGIN PGP SIGNED MESSAGE-----");
        await using var file = await WriteAsync(message, scratch, ct);
        return await RunAsync(keyring, ["--output", "-", "--", file.Name], ct);
    }

    /// <summary>Checks a signature in a file of its own.</summary>
    /// <exception cref="FormatException">The signature is not valid, or cannot be checked.</exception>
    public static async Task CheckAsync(
        ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> signature, string keyring, string scratch, CancellationToken ct)
    {
        await using FileStream signed = await WriteAsync(text, scratch, ct), by = await WriteAsync(signature, scratch, ct);
        await RunAsync(keyring, ["--", by.Name, signed.Name], ct);
    }

    private static async Task<FileStream> WriteAsync(ReadOnlyMemory<byte> bytes, string scratch, CancellationToken ct)
    {
        Directory.CreateDirectory(scratch);
        var file = new FileStream(
            Path.Combine(scratch, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete,
            bufferSize: 0, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await file.WriteAsync(bytes, ct);
        return file;
    }

    private static async Task<string> RunAsync(string keyring, string[] files, CancellationToken ct)
    {
        var start = new ProcessStartInfo("gpgv") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])["--status-fd", "2", "--keyring", Path.GetFullPath(keyring), .. files]) start.ArgumentList.Add(word);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(Time);
        try
        {
            using var process = Process.Start(start)!;
            return await ResultAsync(process, keyring, limited.Token);
        }
        catch (Win32Exception e)
        {
            throw new FormatException($"its signature cannot be checked: gpgv cannot be started: {e.Message}", e);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new FormatException($"its signature cannot be checked: gpgv took longer than {Time.TotalSeconds} s");
        }
    }

    private static async Task<string> ResultAsync(Process process, string keyring, CancellationToken ct)
    {
        try
        {
            var read = await Task.WhenAll(
                ReadAsync(process, process.StandardOutput, MostTextChars, ct),
                ReadAsync(process, process.StandardError, MostStatusChars, ct));
            var (text, said) = (read[0], read[1]);
            await process.WaitForExitAsync(ct);
            var words = said.Split('\n').Where(line => line.StartsWith(Status, StringComparison.Ordinal))
                .Select(line => line[Status.Length..].Split(' ')[0]).ToHashSet(StringComparer.Ordinal);
            if (words.Contains("GOODSIG") && words.Contains("VALIDSIG") && !words.Overlaps(Bad)) return text;
            var why = said.Split('\n').LastOrDefault(line => line.StartsWith("gpgv: ", StringComparison.Ordinal)) ?? said.Trim();
            throw new FormatException($"its signature is not valid by a key of {keyring}: {why}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task<string> ReadAsync(Process process, StreamReader from, int mostChars, CancellationToken ct)
    {
        var text = new StringBuilder();
        var piece = new char[16 << 10];
        while (await from.ReadAsync(piece, ct) is > 0 and var read)
        {
            if (read > mostChars - text.Length)
            {
                process.Kill(entireProcessTree: true); // which also ends its other stream
                throw new FormatException($"its signature cannot be checked: gpgv wrote more than {mostChars} characters");
            }

            text.Append(piece, 0, read);
        }

        return text.ToString();
    }
}
