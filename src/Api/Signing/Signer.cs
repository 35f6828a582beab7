namespace Relo.Api.Signing;

/// <summary>Signs with a key that others verify.</summary>
internal abstract class Signer : IDisposable
{
    /// <summary>The key that verifies.</summary>
    public abstract PublicKey Key { get; }

    /// <summary>Signs data: ECDSA with SHA-256, in DER.</summary>
    /// <exception cref="SigningFailedException">The data could not be signed.</exception>
    public abstract Task<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken ct);

    /// <inheritdoc/>
    public abstract void Dispose();
}
