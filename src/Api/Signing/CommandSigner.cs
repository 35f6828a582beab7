using System.Diagnostics;
using System.Security.Cryptography;

namespace Relo.Api.Signing;

/// <summary>Signs with a command, so that the key can lie in a hardware module or a key service. It limits concurrent commands.</summary>
internal sealed class CommandSigner(string command, PublicKey key) : Signer
{
    private const int MostAtOnce = 4, MostBytes = 4096;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turns = new(MostAtOnce);

    /// <inheritdoc/>
    public override PublicKey Key => key;

    /// <inheritdoc/>
    public override async Task<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        await _turns.WaitAsync(ct);
        try
        {
            var signature = await RunAsync(SHA256.HashData(data.Span), ct);
            return key.Verifies(data.Span, signature)
                ? signature
                : throw new SigningFailedException(
                    $"Signing:Command wrote {signature.Length} bytes that are no signature of the key in Signing:PublicKeyFile");
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _turns.Dispose();

    private async Task<byte[]> RunAsync(byte[] digest, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(Patience);
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var fault = process.StandardError.ReadToEndAsync(limited.Token);
            await WriteAsync(process, digest, limited.Token);
            var signature = new byte[MostBytes];
            var length = await process.StandardOutput.BaseStream.ReadAtLeastAsync(
                signature, MostBytes, throwOnEndOfStream: false, limited.Token);
            if (length == MostBytes)
                throw new SigningFailedException($"Signing:Command wrote {MostBytes} bytes or more that are no signature");
            await process.WaitForExitAsync(limited.Token);
            return process.ExitCode == 0
                ? signature[..length]
                : throw new SigningFailedException($"Signing:Command ended with status {process.ExitCode}: {(await fault).Trim()}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new SigningFailedException($"Signing:Command did not end within {Patience.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteAsync(Process process, byte[] digest, CancellationToken ct)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(digest, ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its status and its message say why.
        }
    }
}
