using System.Reflection;
using Microsoft.Extensions.Options;
using Relo.Api.Signing;

namespace Relo.Api.Trust;

/// <summary>Makes signed statements about relocations.</summary>
internal sealed class Attester(SigningKeys keys, IOptions<SigningOptions> options, ILogger<Attester> log)
{
    private static readonly string Version =
        typeof(Attester).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Whether there is a key.</summary>
    public bool IsOn => keys.Signer is not null;

    /// <summary>Signs a statement; null without a key.</summary>
    /// <param name="facts">What the statement says.</param>
    /// <param name="ct">Cancels a command that signs.</param>
    /// <exception cref="SigningFailedException">The command that signs failed.</exception>
    public async Task<Dsse?> AttestAsync(StatementFacts facts, CancellationToken ct)
    {
        if (keys.Signer is not { } signer) return null;
        try
        {
            return await Dsse.SignAsync(signer, Subject.StatementType, Statement.Write(facts, options.Value.BuilderId, Version), ct);
        }
        catch (SigningFailedException e)
        {
            log.LogError("A statement could not be signed: {Reason}", e.Message);
            throw;
        }
    }
}
