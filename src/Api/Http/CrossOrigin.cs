using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Bodies;

namespace Relo.Api.Http;

/// <summary>Lets scripts of the origins in <c>Cors:Origins</c>, and of no others, read responses (CORS).</summary>
internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    // The response fields that scripts may read besides the CORS-safelisted ones.
    private static readonly string[] Shown =
    [
        HeaderNames.ETag, HeaderNames.Link, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.ContentDisposition,
        ContentDigest.Field, ContentDigest.ReprField,
    ];

    /// <summary>Registers section <c>Cors</c>, checked at start.</summary>
    public static IServiceCollection AddCrossOrigin(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CrossOriginOptions>().Bind(configuration.GetSection(CrossOriginOptions.Section)).ValidateOnStart()
            .Validate(o => o.AreSound(), "Cors:Origins must be origins such as https://tools.example.com, separated by commas, or *");
        services.AddOptions<CorsOptions>().Configure<IOptions<CrossOriginOptions>>((cors, open) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(open.Value.All).AllowAnyHeader().WithMethods("GET", "HEAD", "POST", "DELETE")
            .WithExposedHeaders(Shown).SetPreflightMaxAge(PreflightAge)));
        return services.AddCors();
    }

    /// <summary>Adds it to the pipeline if there are origins.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<CrossOriginOptions>>().Value.All.Length > 0) app.UseCors();
    }
}
