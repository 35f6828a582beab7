using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Relo.Api.Signing;

/// <summary>Signs with a command, so that the key can stay in a hardware module or a key service. Limits concurrent commands.</summary>
internal sealed class CommandSigner(string command, PublicKey key, string shell = CommandSigner.Shell) : Signer
{
    /// <summary>Runs the command.</summary>
    public const string Shell = "/bin/sh";

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
        using var process = Start();
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

    private Process Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo(shell, ["-c", command])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception e)
        {
            throw new SigningFailedException($"Signing:Command could not be started: {e.Message}");
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
            // The command ended without reading; its status and standard error say why.
        }
    }
}
