using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relo.Api.Signing;
using Relo.Core.Bytes;

namespace Relo.Api.Commands;

/// <summary>
/// <c>verify-attestation</c>: checks the signature of a statement and, with <c>--object</c>, that it is about these bytes. Prints the
/// statement.
/// <code>dotnet run --project src/Api -- verify-attestation tracer.dsse.json --key relo.pub --object tracer.bpf.o</code>
/// </summary>
internal static class VerifyAttestationCommand
{
    public const string Key = "--key", Object = "--object";

    private const int MostBytes = 1 << 20;

    /// <summary>Runs the check. Exit status 0; 9, as in fetch.sh, if it fails; 1 to 3 if it cannot be made.</summary>
    public static async Task<int> RunAsync(CommandLine command, TextWriter output, TextWriter error)
    {
        try
        {
            if (command.Value(Key) is not { } keyFile)
                throw new CommandFailedException(ExitStatus.WrongUsage, $"{Key} <file> is missing: the public key to trust");
            var envelope = Dsse.Parse(await ReadAsync(command.Arguments[0]));
            if (envelope.Verify(PublicKey.ParseAll(Encoding.UTF8.GetString(await ReadAsync(keyFile)))) is not { } payload)
                throw new CommandFailedException(ExitStatus.NotSigned, $"no signature in {command.Arguments[0]} is of {keyFile}");
            if (command.Value(Object) is { } file) await CheckAsync(file, Subject.Of(envelope.PayloadType, payload));
            await output.WriteLineAsync(Encoding.UTF8.GetString(payload));
            return ExitStatus.Done;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or JsonException)
        {
            await error.WriteLineAsync($"verify-attestation: {e.Message}");
            return ExitStatus.NotSigned;
        }
        catch (CommandFailedException e)
        {
            await error.WriteLineAsync($"verify-attestation: {e.Message}");
            return e.Status;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"verify-attestation: {e.Message}");
            return ExitStatus.Failed;
        }
    }

    private static async Task CheckAsync(string file, Subject subject)
    {
        await using var stream = Open(file);
        var found = Digest.FromHash(await SHA256.HashDataAsync(stream));
        if (found != subject.Digest)
            throw new CommandFailedException(
                ExitStatus.NotSigned, $"{file} is {found}; the statement is about {subject.Name}, {subject.Digest}");
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = Open(file);
        var bytes = new byte[MostBytes + 1]; // a pipe has no length
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MostBytes)
            throw new CommandFailedException(ExitStatus.NotSigned, $"{file} has more than the expected {MostBytes} bytes");
        return bytes[..length];
    }

    private static FileStream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailedException(ExitStatus.NotHere, e.Message);
        }
    }
}
