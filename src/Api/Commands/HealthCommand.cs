using Relo.Api.Ops;

namespace Relo.Api.Commands;

/// <summary>
/// <c>--health</c>: the health check of a container whose image has neither shell nor curl. Sends a request to the service with the same
/// configuration.
/// <code>dotnet Relo.Api.dll --health</code>
/// </summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Exit status 0 when the service is ready, 1 when it is not or cannot be reached.</summary>
    public static async Task<int> RunAsync(IConfiguration configuration, TextWriter output, TextWriter error)
    {
        var address = new Uri(ListenAddress.Local(configuration), "/healthz/ready");
        using var own = new HttpClientHandler { UseProxy = false }; // a proxy for downloads does not reach this machine
        // The certificate is for the public name, not for this address; an attacker who can intercept loopback already controls the
        // machine.
        if (address.IsLoopback) own.ServerCertificateCustomValidationCallback = (_, _, _, _) => true;
        using var client = new HttpClient(own) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(address);
            await output.WriteLineAsync($"{address}: {(int)answer.StatusCode} {(await answer.Content.ReadAsStringAsync()).TrimEnd()}");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await error.WriteLineAsync($"{address}: {e.Message}");
            return 1;
        }
    }
}
