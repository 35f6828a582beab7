using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;
using Relo.Core.Bytes;
using Relo.Core.Objects;

namespace Relo.Api.Commands;

/// <summary>The object of a command, and the file that it is written to. <c>-</c> is standard input or output.</summary>
internal sealed class ObjectFile(IOptions<LimitOptions> limits)
{
    /// <summary>The name of standard input and output.</summary>
    public const string Standard = "-";

    /// <summary>Reads an object or a log, within the limit of uploads.</summary>
    /// <exception cref="CommandFailedException">It cannot be read, or is too large.</exception>
    public async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var file = path == Standard ? Console.OpenStandardInput() : File.OpenRead(path);
            using var bytes = new MemoryStream();
            var piece = new byte[64 << 10];
            for (int read; (read = await file.ReadAsync(piece, cancellation)) > 0;)
            {
                if (bytes.Length + read > limits.Value.ObjectBytes)
                    throw new CommandFailedException(ExitStatus.Refused,
                        $"{path} is larger than the {limits.Value.ObjectBytes} bytes that Limits:ObjectBytes allows");
                bytes.Write(piece.AsSpan(0, read));
            }

            return bytes.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitStatus.NotHere, $"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes an object. An existing file is replaced atomically, by a rename.</summary>
    /// <exception cref="CommandFailedException">It cannot be written, or is an original object, which would be lost.</exception>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var part = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            if (path == Standard)
            {
                await using var output = Console.OpenStandardOutput();
                await output.WriteAsync(bytes, cancellation);
                return;
            }

            var old = new FileInfo(path);
            if (old.Exists && old.Length > 0 && IsOriginal(await File.ReadAllBytesAsync(path, cancellation)))
                throw new CommandFailedException(ExitStatus.WrongUsage,
                    $"{path} is an original BPF object with CO-RE records and would be lost; choose another file with -o");
            // Devices and pipes, which have no length, and links are written to, never replaced.
            if (old.Exists && (old.Length == 0 || old.LinkTarget is not null))
            {
                await File.WriteAllBytesAsync(path, bytes.ToArray(), cancellation);
                return;
            }

            await File.WriteAllBytesAsync(part, bytes.ToArray(), cancellation);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitStatus.NotWritten, $"{path} cannot be written: {e.Message}");
        }
        finally
        {
            if (File.Exists(part)) File.Delete(part); // it failed, or was cancelled
        }
    }

    private static bool IsOriginal(byte[] bytes)
    {
        try
        {
            return BpfObject.ReadOriginal(bytes).Records.Length > 0;
        }
        catch (MalformedObjectException)
        {
            return false; // no BPF object, or already relocated
        }
    }
}
