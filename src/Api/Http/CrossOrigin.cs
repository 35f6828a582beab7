using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Uploads;

namespace Relo.Api.Http;

/// <summary>Section <c>Cors</c>: pages of which other sites may talk to the service.</summary>
internal sealed class CrossOriginOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Cors";

    /// <summary>The origins (<c>https://tools.example.com</c>), separated by commas; empty = none, <c>*</c> = any.</summary>
    public string Origins { get; set; } = "";

    /// <summary>One by one.</summary>
    internal string[] All => Origins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether all of them are origins: a scheme, a host, perhaps a port, nothing behind them.</summary>
    internal bool AreSound() => Array.TrueForAll(All, o => o == "*" || (Uri.TryCreate(o, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == o));
}

/// <summary>Closed unless <c>Cors:Origins</c> opens it.</summary>
internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    // What a script may see of an answer beyond its body and media type.
    private static readonly string[] Shown =
        [HeaderNames.ETag, HeaderNames.Link, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.ContentDisposition, ContentDigest.Field, ContentDigest.ReprField];

    /// <summary>Registers it.</summary>
    public static IServiceCollection AddCrossOrigin(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CrossOriginOptions>().Bind(configuration.GetSection(CrossOriginOptions.Section)).ValidateOnStart()
            .Validate(o => o.AreSound(), "Cors:Origins must be origins such as https://tools.example.com, separated by commas, or *");
        services.AddOptions<CorsOptions>().Configure<IOptions<CrossOriginOptions>>((cors, open) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(open.Value.All).AllowAnyHeader().WithMethods("GET", "HEAD", "POST", "DELETE").WithExposedHeaders(Shown).SetPreflightMaxAge(PreflightAge)));
        return services.AddCors();
    }

    /// <summary>Puts it into the pipeline where there are origins.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<CrossOriginOptions>>().Value.All.Length > 0) app.UseCors();
    }
}
